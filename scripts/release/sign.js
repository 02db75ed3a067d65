/** The digests of a release's files, and the signature (Ed25519) on their list; pure. */
import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";

/**
 * As `sha256sum --check` reads it.
 *
 * @param {readonly { file: string, data: Buffer }[]} files
 */
export function sumsOf(files) {
  return [...files]
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .map(({ file, data }) => `${createHash("sha256").update(data).digest("hex")}  ${file}\n`)
    .join("");
}

/**
 * The 64 bytes of the signature, and the key that it can be checked with, as PEM. Throws when the key is of another
 * kind than Ed25519.
 *
 * @param {string} text what is signed
 * @param {string} key the private key, as PEM
 */
export function signatureOf(text, key) {
  const privateKey = createPrivateKey(key);
  if (privateKey.asymmetricKeyType !== "ed25519")
    throw new Error(`the key is of the kind ${privateKey.asymmetricKeyType}, not ed25519`);
  return {
    signature: sign(null, Buffer.from(text), privateKey),
    publicKey: String(createPublicKey(privateKey).export({ type: "spki", format: "pem" })),
  };
}
