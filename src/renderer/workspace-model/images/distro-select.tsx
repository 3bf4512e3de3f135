import type { ComponentProps } from 'react'
import { DISTROS } from '../../../shared/distros'
import { Select } from '../../ui/field'

/** The distributions that Berth has an image of; `none` stands for an empty value. */
export function DistroSelect({ none, ...rest }: ComponentProps<'select'> & { none?: string }) {
  return (
    <Select {...rest}>
      {none !== undefined && <option value="">{none}</option>}
      {DISTROS.map(({ id, title }) => (
        <option key={id} value={id}>
          {title}
        </option>
      ))}
    </Select>
  )
}
