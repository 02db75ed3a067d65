/** A log as lines: without colours, without what a carriage return has overwritten, with plain quotes. */
import { withoutPrefixes } from "./line-prefixes.ts";

export interface LogLine {
  /** In the whole log, from 1. */
  readonly number: number;
  /** As it is shown. */
  readonly shown: string;
  /** As recognisers read it: its beginning, without indentation, quotes made plain. */
  readonly text: string;
  readonly indent: number;
}

/** A line without an end would cost each pattern the square of its length. */
const readAtMost = 1_000;

// oxlint-disable-next-line no-control-regex
const escapes = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/** `first` is the number of the first of them. */
export function readLines(written: readonly string[], first = 1): LogLine[] {
  const plain = written.map((line) => {
    const printed = line.replaceAll(escapes, "").split("\r");
    return (printed.findLast((part) => part !== "") ?? "").trimEnd();
  });
  return withoutPrefixes(plain).map((shown, index) => {
    const text = shown.trimStart();
    const indent = shown.length - text.length;
    return { number: first + index, shown, text: inEnglish(text.slice(0, readAtMost)), indent };
  });
}

/** What compilers, make and the C library say in other languages, and with which quotes. */
function inEnglish(text: string): string {
  const plain = text.replace(/[‘’]/g, "'");
  return isAscii.test(plain) && !/Fehler|rreur|rrore|Fout|Datei|fichier/.test(plain)
    ? plain
    : words.reduce((left, [pattern, to]) => left.replace(pattern, to), plain);
}

const isAscii = /^[ -~\t]*$/;

const words: readonly (readonly [RegExp, string])[] = [
  [
    /Datei oder Verzeichnis nicht gefunden|Aucun fichier ou dossier de ce (?:type|nom)|Нет такого файла или каталога|No existe el (?:fichero|archivo) o el directorio|没有那个文件或目录|Arquivo ou diretório (?:inexistente|não encontrado)|Nie ma takiego pliku ani katalogu|File o directory non esistente|そのようなファイルやディレクトリはありません|Bestand of map bestaat niet/g,
    "No such file or directory",
  ],
  [
    /: (?:schwerwiegender Fehler|erreur fatale|errore fatale|error fatal|erro fatal|致命错误|фатальная ошибка) ?[:：]/g,
    ": fatal error:",
  ],
  [/: (?:Fehler|erreur|errore|erro|错误|エラー|ошибка) ?[:：]/g, ": error:"],
  [/\] (?:Fehler|Erreur|Errore|Erro|Fout|Błąd|错误|エラー|Ошибка) (\d+)$/g, "] Error $1"],
];
