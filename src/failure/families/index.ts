/** All that is recognised; of the recognisers that fit a line, the first one counts. */
import type { Recogniser } from "../recogniser.ts";
import { cargo, compiler } from "./compiler.ts";
import { cmake, configure, meson, pkgconfig, qmake } from "./configure.ts";
import { fetching } from "./fetching.ts";
import { go, languages, lastResort, services } from "./languages.ts";
import { linker } from "./linker.ts";
import { machine, permission } from "./machine.ts";
import { make } from "./make.ts";
import { general, pip, python } from "./python.ts";
import { readOnly } from "./read-only.ts";
import { script } from "./script.ts";
import { complaints, packageManagers, r } from "./systems.ts";
import { tests } from "./tests.ts";

export { wrapperExceptions } from "./python.ts";

export const recognisers: readonly Recogniser[] = [
  ...machine,
  ...readOnly,
  ...python,
  ...fetching,
  ...linker,
  ...pkgconfig,
  ...meson,
  ...go,
  ...languages,
  ...compiler,
  ...cargo,
  ...configure,
  ...cmake,
  ...qmake,
  ...make,
  ...script,
  ...pip,
  ...packageManagers,
  ...r,
  ...tests,
  ...services,
  ...permission,
  ...general,
  ...complaints,
  ...lastResort,
];
