/** Signatures: keys with an end, and signed texts that say what they are. */
export {
  dayOf,
  isExpired,
  lastDay,
  makeSecretKey,
  parsePublicKey,
  parseSecretKey,
  publicPart,
  type PublicKey,
  renderPublicKey,
  renderSecretKey,
  type SecretKey,
} from "./keys.ts";
export {
  type Envelope,
  isEnvelope,
  openEnvelope,
  parseEnvelope,
  payloadOf,
  renderEnvelope,
  seal,
  sealUnsigned,
} from "./envelope.ts";
