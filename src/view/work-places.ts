/** Where a view shows the folder that its build works in. */

/** Where a view shows the work folder: the same in every store, run and prefix, for paths end up in debug information (I8). */
export const buildFolder = "/tenon-build";
/** The same for a view without a root of its own, relative to the prefix. */
export const workFolders = "var/lib/tenon/build";

/** The name of the layer that holds nothing but the place where the work folder is mounted. */
export const skeletonName = "skeleton";
