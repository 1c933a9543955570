/*
 * What a program says is not what it is for: a reader that has gone (`npm start | head -1`), a closed terminal or a full disk behind a
 * redirection ends no work, and leaves nothing half done. Plain JavaScript: the set-up says things before any package is installed.
 */

/** Lets this process go on where its standard output or standard error takes no more. */
export function outliveOutput() {
  for (const stream of [process.stdout, process.stderr])
    if (!stream.listeners("error").includes(pass)) stream.on("error", pass);
}

/** Node emits an error for each text that was not taken, and throws it where nobody listens. */
const pass = () => {};
