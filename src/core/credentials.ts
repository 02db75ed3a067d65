/** Addresses with a user and a password in them, as a person may see them. */

/**
 * A text, such as a program's output, without the credentials of the addresses in it. The user of an ssh address is
 * none, and stays: it names the account of the server.
 */
export function withoutCredentials(text: string): string {
  return text.replaceAll(
    /([a-z][a-z0-9+.-]{0,30}:\/\/)([^\s/?#'"]*)@/gi,
    (_, scheme: string, credentials: string) => {
      const user = /ssh:/i.test(scheme) ? credentials.replace(/[:@].*/, "") : "";
      return user === "" ? scheme : `${scheme}${user}@`;
    },
  );
}
