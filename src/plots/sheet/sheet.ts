/** A page of small pictures with a line below each: what a contact sheet shows, before anything is drawn. */
export interface Sheet {
  title: string;
  subtitle: string;
  groups: readonly Group[];
  /** Stands in the place of the pictures when there are none. */
  empty: string;
}

/** Pictures under one heading. */
export interface Group {
  heading: string;
  tiles: readonly Tile[];
}

/** One small picture: `cats → dogs`, or `dogs` alone, and the file's name below it. */
export interface Tile {
  /** Path from the data set's root, `train/cats/cat.1.jpg`. */
  image: string;
  from?: string;
  to: string;
  /** Stands in a second line, before the file's name. */
  note?: string;
}

/** All images of a sheet, in the order in which they are placed. */
export const imagesOf = ({ groups }: Sheet): string[] => groups.flatMap(({ tiles }) => tiles.map(({ image }) => image));
