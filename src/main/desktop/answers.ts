import Store from 'electron-store'

/** What has been asked once and is not asked again. */
export interface Answers {
  hasAnswered(question: 'quit'): boolean
  remember(question: 'quit'): void
}

export function openAnswers(folder: string): Answers {
  // It holds nothing worth keeping when it is damaged.
  const store = new Store<Record<string, unknown>>({ name: 'answers', cwd: folder, clearInvalidConfig: true })
  return {
    hasAnswered: (question) => store.get(question) === true,
    remember: (question) => store.set(question, true),
  }
}
