import type { LucideIcon } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names'
import { Tooltip } from './tooltip'

type Variant = 'primary' | 'secondary' | 'ghost' | 'danger'
type Size = 'small' | 'medium'

const SHAPE =
  'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors duration-(--time-fast)'

const VARIANTS: Record<Variant, string> = {
  primary: 'bg-accent-fill text-on-fill shadow-button hover:bg-accent-fill-hover',
  secondary: 'border border-line-strong bg-raised text-ink shadow-button hover:bg-[linear-gradient(var(--hover),var(--hover))]',
  ghost: 'text-ink-muted hover:bg-hover hover:text-ink data-[state=open]:bg-pressed data-[state=open]:text-ink',
  danger: 'bg-bad-fill text-on-fill shadow-button hover:bg-bad-fill-hover',
}

const SIZES: Record<Size, string> = { small: 'h-6 px-2 text-sm', medium: 'h-7 px-2.5 text-base' }
const SQUARES: Record<Size, string> = { small: 'size-6', medium: 'size-7' }

/** Kept focusable while disabled, so that the focus is not lost when an action makes itself unavailable. */
const DISABLED = 'aria-disabled:pointer-events-none aria-disabled:opacity-50'

interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  variant?: Variant
  size?: Size
  icon?: LucideIcon
  disabled?: boolean
  children: ReactNode
}

/** A button with words. `disabled` keeps it focusable and ignores clicks. */
export function Button({
  variant = 'secondary',
  size = 'medium',
  icon: Icon,
  disabled = false,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={disabled || undefined}
      onClick={disabled ? (event) => event.preventDefault() : onClick}
      className={classNames(SHAPE, VARIANTS[variant], SIZES[size], DISABLED, className)}
    >
      {Icon && <Icon aria-hidden className="size-3.5 shrink-0" />}
      {children}
    </button>
  )
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'disabled' | 'children'> {
  /** Its name, also shown as its tooltip. */
  label: string
  /** Shown after the name in the tooltip: “Ctrl K”. */
  shortcut?: string
  icon: LucideIcon
  variant?: Variant
  size?: Size
  disabled?: boolean
}

/** A button that is only an icon; always named. */
export function IconButton({
  label,
  shortcut,
  icon: Icon,
  variant = 'ghost',
  size = 'medium',
  disabled = false,
  className,
  onClick,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label} {...(shortcut === undefined ? {} : { shortcut })}>
      <button
        type="button"
        aria-label={label}
        {...rest}
        aria-disabled={disabled || undefined}
        onClick={disabled ? (event) => event.preventDefault() : onClick}
        className={classNames(SHAPE, VARIANTS[variant], SQUARES[size], DISABLED, className)}
      >
        <Icon aria-hidden className="size-3.5 shrink-0" />
      </button>
    </Tooltip>
  )
}

/** How a button that is on looks. */
export const PRESSED = 'aria-pressed:bg-accent-soft aria-pressed:text-accent'

/** An icon that is on or off. */
export function IconToggle({ isOn, className, ...rest }: Omit<IconButtonProps, 'aria-pressed' | 'size'> & { isOn: boolean }) {
  return <IconButton {...rest} size="small" aria-pressed={isOn} className={classNames(PRESSED, className)} />
}
