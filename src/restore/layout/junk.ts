/** Files that systems leave behind: https://github.com/github/gitignore/tree/main/Global; `Icon` ends in a carriage return. */
const LEFT_BEHIND =
  /^(Thumbs(:encryptable)?\.db|ehthumbs(_vista)?\.db|desktop\.ini|Icon\r|\$RECYCLE\.BIN|@eaDir|__MACOSX)$/i;

/** Whether a file or folder is no part of a data set: hidden (`.DS_Store`, `._cat.jpg`, `.ipynb_checkpoints`), or left behind by a system. */
export const isJunk = (name: string): boolean => name.startsWith(".") || LEFT_BEHIND.test(name);
