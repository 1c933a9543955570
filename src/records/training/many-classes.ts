/** Up to so many classes, tables and figures hold each of them; of more, what does not grow with their square. */
export const MOST_CLASSES = 50;
