/** A coding agent whose login a workspace can be given. */
export interface CodingAgent {
  title: string
  /** Variables with its keys; passed on from the environment of Berth itself. */
  variables: readonly string[]
  /** Files and folders below the home folder of the user, with its login and its settings. They go to the same place inside. Those that are missing are left out. */
  files: readonly string[]
}

/** The one table of coding agents, by id. */
export const CODING_AGENTS = {
  claude: {
    title: 'Claude Code',
    variables: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'],
    files: ['.claude/.credentials.json', '.claude/settings.json', '.claude/CLAUDE.md'],
  },
  codex: { title: 'Codex', variables: ['OPENAI_API_KEY'], files: ['.codex/auth.json', '.codex/config.toml', '.codex/AGENTS.md'] },
  opencode: {
    title: 'OpenCode',
    variables: ['OPENCODE_API_KEY'],
    files: ['.local/share/opencode/auth.json', '.config/opencode/opencode.json', '.config/opencode/AGENTS.md'],
  },
  gemini: {
    title: 'Gemini CLI',
    variables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    files: ['.gemini/oauth_creds.json', '.gemini/google_accounts.json', '.gemini/settings.json', '.gemini/GEMINI.md'],
  },
  qwen: { title: 'Qwen Code', variables: ['DASHSCOPE_API_KEY'], files: ['.qwen/oauth_creds.json', '.qwen/settings.json'] },
  amp: { title: 'Amp', variables: ['AMP_API_KEY'], files: ['.local/share/amp/secrets.json', '.config/amp/settings.json'] },
} as const satisfies Record<string, CodingAgent>

export type CodingAgentId = keyof typeof CODING_AGENTS

export function isCodingAgentId(id: string): id is CodingAgentId {
  return Object.hasOwn(CODING_AGENTS, id)
}

/** Those that the settings name. One that this Berth does not know is left out. */
export function codingAgentsOf(ids: readonly string[]): CodingAgent[] {
  return ids.filter(isCodingAgentId).map((id) => CODING_AGENTS[id])
}
