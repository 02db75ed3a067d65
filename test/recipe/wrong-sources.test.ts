/** What a person reads when [source] is wrong. */
import { expectMistake, type WrongFiles } from "./workspace-folder.ts";
import { test } from "vitest";

const cases: readonly WrongFiles[] = [
  {
    title: "an empty source",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_MISSING_KEY",
    message: [
      "packages/a.toml:3:1: source has none of path, url, urls, git or pypi; expected exactly one of them",
      "    3 | [source]",
      "      | ^^^^^^^^",
    ],
  },
  {
    title: "two sources",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'url = "https://example.org/a.tar.gz"',
        'path = "."',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/a.toml:4:1: source has path and url; expected exactly one of path, url, urls, git or pypi",
      '    4 | url = "https://example.org/a.tar.gz"',
      "      | ^^^",
    ],
  },
  {
    title: "crates of what is no lock file",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'url = "https://example.org/a.tar.gz"',
        'crates = "../Cargo.lock"',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      'packages/a.toml:5:10: source.crates "../Cargo.lock" is not a Cargo.lock of the source; expected its path from the root of the source, such as "src/rust/Cargo.lock"',
      '    5 | crates = "../Cargo.lock"',
      "      |          ^^^^^^^^^^^^^^^",
    ],
  },
  {
    title: "a revision of a URL",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'url = "https://example.org/a.tar.gz"',
        'rev = "v1"',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/a.toml:5:1: source.rev does not go with source.url; expected it only with git",
      '    5 | rev = "v1"',
      "      | ^^^",
    ],
  },
  {
    title: "a digest of a path",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'path = "."',
        'sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/a.toml:5:1: source.sha256 does not go with source.path; expected it only with url, urls, git or pypi",
      '    5 | sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"',
      "      | ^^^^^^",
    ],
  },
  {
    title: "a digest that is none",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'url = "https://example.org/a.tar.gz"',
        'sha256 = "ABC"',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      'packages/a.toml:5:10: source.sha256 "ABC" is not a digest; expected 64 lower-case hexadecimal digits',
      '    5 | sha256 = "ABC"',
      "      |          ^^^^^",
    ],
  },
  {
    title: "a path to nothing",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'path = "../src/a"',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      'packages/a.toml:4:8: source.path "../src/a" does not exist; expected a folder, an archive or a wheel, relative to this file',
      '    4 | path = "../src/a"',
      "      |        ^^^^^^^^^^",
    ],
  },
  {
    title: "a URL that is none",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'url = "example.org/a.tar.gz"',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      'packages/a.toml:4:7: source.url, "example.org/a.tar.gz", is not a URL that tenon can fetch; expected https://…, http://… or file:///…',
      '    4 | url = "example.org/a.tar.gz"',
      "      |       ^^^^^^^^^^^^^^^^^^^^^^",
    ],
  },
  {
    title: "a relative file URL",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'url = "file://a.tar.gz"',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      'packages/a.toml:4:7: source.url, "file://a.tar.gz", is not a URL that tenon can fetch; expected https://…, http://… or file:///…',
      '    4 | url = "file://a.tar.gz"',
      "      |       ^^^^^^^^^^^^^^^^^",
    ],
  },
  {
    title: "a local URL that names no file",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'url = "file:///tmp/a%2fb"',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      'packages/a.toml:4:7: source.url, "file:///tmp/a%2fb", is not a URL that tenon can fetch; expected https://…, http://… or file:///…',
      '    4 | url = "file:///tmp/a%2fb"',
      "      |       ^^^^^^^^^^^^^^^^^^^",
    ],
  },
  {
    title: "no URL in the list",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        "urls = []",
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/a.toml:4:8: source.urls is empty; expected a URL or more",
      "    4 | urls = []",
      "      |        ^^",
    ],
  },
  {
    title: "a bad URL in the list",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'urls = ["https://example.org/a", "ftp://example.org/a"]',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      'packages/a.toml:4:34: item 2 of source.urls, "ftp://example.org/a", is not a URL that tenon can fetch; expected https://…, http://… or file:///…',
      '    4 | urls = ["https://example.org/a", "ftp://example.org/a"]',
      "      |                                  ^^^^^^^^^^^^^^^^^^^^^",
    ],
  },
  {
    title: "git without a revision",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'git = "https://example.org/a.git"',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_MISSING_KEY",
    message: [
      "packages/a.toml:3:1: source.rev is missing; expected a commit, tag or branch",
      "    3 | [source]",
      "      | ^^^^^^^^",
    ],
  },
  {
    title: "a repository like an option",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'git = "--upload-pack=x"',
        'rev = "v1"',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      'packages/a.toml:4:7: source.git "--upload-pack=x" is not a repository that tenon can fetch; expected https://…, ssh://…, git://…, file://…, user@host:path or an absolute path',
      '    4 | git = "--upload-pack=x"',
      "      |       ^^^^^^^^^^^^^^^^^",
    ],
  },
  {
    title: "a revision like an option",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'git = "https://example.org/a.git"',
        'rev = "-x"',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      'packages/a.toml:5:7: source.rev "-x" is not a revision; expected a commit, tag or branch',
      '    5 | rev = "-x"',
      "      |       ^^^^",
    ],
  },
  {
    title: "a project that is none",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'pypi = "a b"',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/a.toml:4:8: source.pypi \"a b\" is not the name of a Python project; expected letters, digits, '-', '_' and '.', with a letter or digit at both ends",
      '    4 | pypi = "a b"',
      "      |        ^^^^^",
    ],
  },
  {
    title: "a patch that is not there",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'path = "."',
        'patches = ["a.patch"]',
        "[build]",
        'script = "true"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      'packages/a.toml:5:12: item 1 of source.patches, "a.patch", is not a file; expected a patch, relative to this file',
      '    5 | patches = ["a.patch"]',
      "      |            ^^^^^^^^^",
    ],
  },
  {
    title: "python-venv with a source",
    files: {
      "packages/python-venv.toml": [
        'name = "python-venv"',
        'version = "1"',
        "[source]",
        'path = "."',
        "[build]",
        'system = "python-venv"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/python-venv.toml:3:1: build.system python-venv takes no source; expected no table [source]",
      "    3 | [source]",
      "      | ^^^^^^^^",
    ],
  },
  {
    title: "system wheel with an sdist",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'pypi = "a"',
        "wheel = false",
        "[build]",
        'system = "wheel"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/a.toml:5:9: build.system wheel needs a wheel, which source.pypi is not; expected a pypi wheel, a URL or a path that ends with .whl",
      "    5 | wheel = false",
      "      |         ^^^^^",
    ],
  },
  {
    title: "system wheel with another archive",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'url = "https://example.org/a.tar.gz"',
        "[build]",
        'system = "wheel"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/a.toml:4:7: build.system wheel needs a wheel, which source.url is not; expected a pypi wheel, a URL or a path that ends with .whl",
      '    4 | url = "https://example.org/a.tar.gz"',
      "      |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
    ],
  },
  {
    title: "system wheel with patches",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1.0"',
        "[source]",
        'pypi = "a"',
        'patches = ["a.patch"]',
        "[build]",
        'system = "wheel"',
      ],
      "packages/a.patch": [],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/a.toml:5:1: source.patches does not go with build.system wheel; expected no patches, as a wheel is installed as it is",
      '    5 | patches = ["a.patch"]',
      "      | ^^^^^^^",
    ],
  },
  {
    title: "an address with another variable than the version",
    files: {
      "packages/a.toml": [
        'name = "a"',
        'version = "1"',
        "[source]",
        'url = "https://x.org/${PACKAGE_VERSION}.tgz"',
        "[build]",
        'system = "make"',
      ],
    },
    code: "RECIPE_VALUE",
    message: [
      "packages/a.toml:4:7: source.url names ${PACKAGE_VERSION}; expected ${VERSION} or nothing",
      '    4 | url = "https://x.org/${PACKAGE_VERSION}.tgz"',
      "      |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
    ],
  },
];

test.each(cases)("$title", expectMistake);
