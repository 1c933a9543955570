/** A text in which no address shows a user's name or password, which may hold `/` and `@` too. */
export const withoutCredentials = (text: string): string => text.replace(/(\w+:\/\/)\S*@/g, "$1");
