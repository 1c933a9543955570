import { naturally } from "../../records/format/image-folder.ts";

/** A folder that holds images, itself or further down. */
export interface Folder {
  /** Path from the root, with forward slashes; "" is the root itself. */
  path: string;
  /** Its name; "" is the root's. */
  name: string;
  /** Folders in it that hold images, in natural order. */
  folders: Folder[];
  /** Images that lie in it directly: paths from the root. */
  images: string[];
}

/** The folders of these images. @param images paths from the root, with forward slashes. */
export function fileTree(images: readonly string[]): Folder {
  const root: Folder = { path: "", name: "", folders: [], images: [] };
  const folders = new Map([["", root]]);
  const folderAt = (path: string): Folder => {
    const known = folders.get(path);
    if (known) return known;
    const cut = path.lastIndexOf("/");
    const folder: Folder = { path, name: path.slice(cut + 1), folders: [], images: [] };
    folders.set(path, folder);
    folderAt(cut < 0 ? "" : path.slice(0, cut)).folders.push(folder);
    return folder;
  };
  for (const image of images) folderAt(image.slice(0, Math.max(0, image.lastIndexOf("/")))).images.push(image);
  for (const folder of folders.values()) {
    folder.folders.sort((a, b) => naturally(a.name, b.name));
    folder.images.sort(naturally);
  }
  return root;
}

/** All images in a folder, those further down after its own. */
export const imagesIn = (folder: Folder): string[] => [...folder.images, ...folder.folders.flatMap(imagesIn)];
