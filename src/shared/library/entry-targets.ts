/** A place below the home folder where coding agents look for what the library has. */
interface EntryTarget {
  folder: string
  /** Who reads it. */
  readBy: string
}

/** The one table of where skills and tools go inside a workspace. Places that an agent reads twice are left out. */
export const ENTRY_TARGETS = {
  /** Each as a folder of its name, with SKILL.md. */
  skill: [
    { folder: '.opencode/skill', readBy: 'OpenCode' },
    { folder: '.claude/skills', readBy: 'Claude Code, OpenCode' },
    { folder: '.agents/skills', readBy: 'Codex, Gemini CLI, Amp, OpenCode' },
    { folder: '.qwen/skills', readBy: 'Qwen Code' },
  ],
  /** Each as a file of its name. */
  tool: [
    { folder: '.opencode/tool', readBy: 'OpenCode' },
    { folder: '.config/opencode/tools', readBy: 'OpenCode' },
  ],
} as const satisfies Record<'skill' | 'tool', readonly EntryTarget[]>
