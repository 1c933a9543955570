/** Folders of journals that this process has finished with: they may be replayed although it still runs. */
export const endedHere = new Set<string>();
