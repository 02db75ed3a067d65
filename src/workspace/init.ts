/** `tenon init`: a workspace with a first recipe that builds. */
import { TenonError } from "../core/index.ts";
import { exists, makeDirectories, type World } from "../world/index.ts";

const workspaceFile = `# A workspace: \`tenon build\` makes the prefix what the recipes say.
[workspace]
prefix = "prefix"        # where all is installed, from this folder
recipes = "packages"     # a file NAME.toml for each package
`;

const recipeFile = `# A first recipe. Change it, or write others beside it.
name = "hello"
version = "1.0"
license = "0BSD"

# A package that is built from an archive has, instead of the script below, for example:
#
#   [source]
#   url = "https://example.org/hello-\${VERSION}.tar.gz"
#
#   [depends]
#   run = ["zlib"]       # packages that it needs, by the names of their recipes
#
#   [build]
#   system = "cmake"     # autotools cmake make meson python python-venv script wheel

[build]
script = '''
mkdir -p "$DESTDIR$PREFIX/bin"
cat > "$DESTDIR$PREFIX/bin/hello" <<END
#!/bin/sh
echo "Hello, \\\${1:-world}, from $PACKAGE_NAME $PACKAGE_VERSION"
END
chmod +x "$DESTDIR$PREFIX/bin/hello"
'''

[check]
script = "hello | grep Hello"
`;

const ignoreFile = `/prefix/
/.tenon/
`;

/**
 * Makes `tenon.toml`, a recipe where there is none, and a `.gitignore` where there is none, in a folder
 * that is made if need be. Gives what was made, by path from the folder. Throws where there is a
 * workspace already.
 */
export function initWorkspace({ disk }: World, directory: string): string[] {
  const file = `${directory}/tenon.toml`;
  if (exists(disk, file)) {
    throw new TenonError({
      kind: "usage",
      code: "WORKSPACE_THERE",
      message: `${directory} is a workspace already`,
      hints: ["`tenon build` builds what its recipes say."],
    });
  }
  const hasRecipes = exists(disk, `${directory}/packages`);
  makeDirectories(disk, `${directory}/packages`);
  const wanted: [path: string, text: string][] = [
    ["tenon.toml", workspaceFile],
    ...(hasRecipes ? [] : [["packages/hello.toml", recipeFile] as [string, string]]),
    [".gitignore", ignoreFile],
  ];
  const made = wanted.filter(([path]) => !exists(disk, `${directory}/${path}`));
  for (const [path, text] of made) disk.createFile(`${directory}/${path}`, text);
  return made.map(([path]) => path);
}
