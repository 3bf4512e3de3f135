import { Plus, X } from 'lucide-react'
import { useId, useState } from 'react'
import type { SwarmNodeView, SwarmView } from '../../../shared/contract/swarms'
import { Button, IconButton } from '../../ui/button'
import { Choice } from '../../ui/choice'
import { Field, TextInput } from '../../ui/field'
import { ForeignText } from '../../ui/foreign-text'
import { Truncated } from '../../ui/truncated'
import { EXAMPLE_NODE, type NodeAddress, ruleAddress, type SwarmDraft, type SwarmDraftProblems, usesTls } from './swarm-draft'
import { TlsFolderField } from './tls-folder-field'

interface SwarmReachFieldsProps {
  draft: SwarmDraft
  problems: SwarmDraftProblems
  /** Null before it is used: its nodes are not known then. */
  swarm: SwarmView | null
  /** Problems of fields that nobody has touched are shown, too. */
  showsAll: boolean
  onChange(fields: Partial<SwarmDraft>): void
}

/** Where the engines of the nodes are: by a rule, or one by one; and what happens when a node is drained. */
export function SwarmReachFields({ draft, problems, swarm, showsAll, onChange }: SwarmReachFieldsProps) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  /** While it is typed an address is never right: it is looked at when the field is left. */
  const shown = (field: string, problem: string | null | undefined) => (showsAll || left.has(field) ? (problem ?? null) : null)
  const onBlur = (field: string) => () => setLeft(new Set([...left, field]))
  const change = (index: number, fields: Partial<NodeAddress>) =>
    onChange({ addresses: draft.addresses.map((given, at) => (at === index ? { ...given, ...fields } : given)) })
  const rule = shown('rule', problems.rule)
  const example = ruleAddress(draft.rule, EXAMPLE_NODE)
  return (
    <>
      <Field label="Rule for addresses" hint="{hostname}, {address} and {id} stand for the node’s. Empty for no rule" problem={rule}>
        {(control) => (
          <TextInput
            {...control}
            mono
            placeholder="ssh://me@{hostname}"
            value={draft.rule}
            onBlur={onBlur('rule')}
            onChange={(event) => onChange({ rule: event.target.value })}
          />
        )}
      </Field>
      {swarm === null && (
        <p className="-mt-2 break-words text-sm" aria-live="polite">
          {example === null ? (
            <span className="text-ink-muted">Without a rule, only its manager and the nodes listed below get workspaces.</span>
          ) : (
            <>
              <span className="text-ink-muted">A node {EXAMPLE_NODE.hostname} is reached at </span>
              <span className="break-all font-mono">{example}</span>
            </>
          )}
        </p>
      )}
      {usesTls(draft) && (
        <TlsFolderField value={draft.tlsFolder} problem={problems.tlsFolder} onChange={(tlsFolder) => onChange({ tlsFolder })} />
      )}
      <section aria-labelledby="node-addresses" className="flex flex-col gap-1.5">
        <h3 id="node-addresses" className="font-medium">
          {swarm === null ? 'Addresses of single nodes' : 'Nodes'}
        </h3>
        <p className="text-ink-muted text-sm">
          {swarm === null ? 'Instead of what the rule says.' : 'Where each is reached. What is typed here counts instead of the rule.'}
        </p>
        {draft.addresses.length > 0 && (
          <ul className="flex flex-col gap-1.5">
            {draft.addresses.map((given, index) => {
              const node = swarm?.nodes.find(({ id, hostname }) => id === given.node || hostname === given.node)
              const field = `address ${index}`
              return (
                <AddressRow
                  // The rows have no identity but their place: only the last can be taken away without another moving up.
                  // biome-ignore lint/suspicious/noArrayIndexKey: the node is what is typed
                  key={index}
                  given={given}
                  node={swarm === null ? undefined : node}
                  byRule={node === undefined ? '' : reachedWithout(node, swarm, draft.rule)}
                  problem={shown(field, problems.addresses[index])}
                  onBlur={onBlur(field)}
                  onChange={(fields) => change(index, fields)}
                  onRemove={() => onChange({ addresses: draft.addresses.filter((_, at) => at !== index) })}
                />
              )
            })}
          </ul>
        )}
        <Button
          size="small"
          icon={Plus}
          className="self-start"
          onClick={() => onChange({ addresses: [...draft.addresses, { node: '', address: '' }] })}
        >
          Add a node
        </Button>
      </section>
      <Choice
        title="Move workspaces away when a node is drained"
        description="Swarm chooses where. Otherwise they stay on the node, and you can move them one by one."
        checked={draft.movesOnDrain}
        onChange={(movesOnDrain) => onChange({ movesOnDrain })}
      />
    </>
  )
}

/** Where a node is reached while nothing is typed for it: by the rule, or as an engine that Berth uses anyway. */
function reachedWithout(node: SwarmNodeView, swarm: SwarmView | null, rule: string): string {
  const isUsedAnyway = node.engine !== null && !node.engine.startsWith(`${swarm?.name}.`)
  return isUsedAnyway ? `used as ${node.engine}` : (ruleAddress(rule, node) ?? 'no address: it gets no workspaces')
}

interface AddressRowProps {
  given: NodeAddress
  /** undefined for one that is not known: its name is typed, too. */
  node: SwarmNodeView | undefined
  byRule: string
  problem: string | null
  onBlur(): void
  onChange(fields: Partial<NodeAddress>): void
  onRemove(): void
}

function AddressRow({ given, node, byRule, problem, onBlur, onChange, onRemove }: AddressRowProps) {
  const id = useId()
  const about = { 'aria-describedby': `${id}-problem`, 'aria-invalid': problem !== null, onBlur }
  const name = given.node.trim() || 'the node'
  return (
    <li className="flex flex-col gap-0.5">
      <div className="flex items-center gap-2">
        {node === undefined ? (
          <TextInput
            {...about}
            mono
            // One that was just added.
            autoFocus={given.node === '' && given.address === ''}
            aria-label="Hostname"
            placeholder="hostname"
            className="basis-36 min-[600px]:basis-44"
            value={given.node}
            onChange={(event) => onChange({ node: event.target.value })}
          />
        ) : (
          <Truncated text={node.hostname} className="w-28 shrink-0 min-[600px]:w-44" />
        )}
        <TextInput
          {...about}
          mono
          aria-label={`Address of ${node?.hostname ?? name}`}
          placeholder={node === undefined ? 'ssh://me@host' : byRule}
          value={given.address}
          onChange={(event) => onChange({ address: event.target.value })}
        />
        {node === undefined && <IconButton icon={X} label={`Remove ${name}`} onClick={onRemove} />}
      </div>
      <div id={`${id}-problem`} aria-live="polite" className="text-sm">
        {problem !== null && (
          <p className="text-bad">
            <ForeignText text={problem} />
          </p>
        )}
      </div>
    </li>
  )
}
