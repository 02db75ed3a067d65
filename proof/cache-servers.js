/** The servers that proof/cache.js takes a cache from: nginx and docker-registry, open and closed, and ones that break. */
import { execFileSync } from "node:child_process";
import { createSign, randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { createServer } from "node:http";
import { start } from "./processes.js";
import { freePort, untilListens } from "./remote-servers.js";

const limit = { timeoutMs: 3_600_000 };
/** Of nobody but these servers. */
export const credentials = { user: "me", password: "sesame", token: "open-sesame" };

/**
 * nginx with the folder at three places: open, for a user and a password, and for a token.
 *
 * @param {{ program: string, place: string, cache: string }} of
 */
export async function startNginx({ program, place, cache }) {
  fs.mkdirSync(place, { recursive: true });
  const port = await freePort();
  const { user, password, token } = credentials;
  const hash = execFileSync("openssl", ["passwd", "-apr1", password], { encoding: "utf8" });
  fs.writeFileSync(`${place}/users`, `${user}:${hash}`);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${place}/${name};`)
    .join(" ");
  fs.writeFileSync(
    `${place}/nginx.conf`,
    `daemon off; pid ${place}/pid; error_log ${place}/error.log; events {}
http { access_log ${place}/access.log; ${temporary}
server { listen 127.0.0.1:${port};
location /stack/ { alias ${cache}/; }
location /users/ { auth_basic cache; auth_basic_user_file ${place}/users; alias ${cache}/; }
location /tokens/ { if ($http_authorization != "Bearer ${token}") { return 401; } alias ${cache}/; } } }\n`,
  );
  const server = start([program, "-c", `${place}/nginx.conf`, "-p", place], limit);
  await untilListens(server, port);
  const requests = () => fs.readFileSync(`${place}/access.log`, "utf8").split("\n").length - 1;
  return { port, requests, end: () => end(server) };
}

/**
 * docker-registry: open, with a file of passwords (`users`), or with a server of tokens (`tokens`).
 *
 * @param {{ program: string, place: string, root?: string, way?: "open" | "users" | "tokens", htpasswd?: string[] }} of
 */
export async function startRegistry({ program, place, root = place, way = "open", htpasswd }) {
  fs.mkdirSync(place, { recursive: true });
  const port = await freePort();
  const tokens = way === "tokens" ? await startTokens(place) : undefined;
  const auth = way === "users" ? usersOf(place, htpasswd ?? ["htpasswd"]) : tokens?.settings;
  const lines = [
    "version: 0.1",
    "log: { level: error }",
    `storage: { filesystem: { rootdirectory: ${root} } }`,
    `http: { addr: "127.0.0.1:${port}" }`,
    ...(auth === undefined ? [] : [`auth: ${auth}`]),
  ];
  fs.writeFileSync(`${place}/config.yml`, `${lines.join("\n")}\n`);
  const server = start([program, "serve", `${place}/config.yml`], limit);
  await untilListens(server, port);
  return {
    port,
    /** How many tokens were given. */
    given: () => tokens?.given() ?? 0,
    end: async () => {
      await end(server);
      tokens?.end();
    },
  };
}

function usersOf(place, /** @type {string[]} */ [program = "htpasswd", library]) {
  const { user, password } = credentials;
  const env = { ...process.env, ...(library === undefined ? {} : { LD_LIBRARY_PATH: library }) };
  const line = execFileSync(program, ["-nbB", user, password], { encoding: "utf8", env });
  fs.writeFileSync(`${place}/users`, line);
  return `{ htpasswd: { realm: team, path: ${place}/users } }`;
}

/** A server of tokens, as the distribution specification has it; it gives them for the right password only. */
async function startTokens(place) {
  const [key, certificate] = [`${place}/key.pem`, `${place}/certificate.pem`];
  const made = ["-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate];
  const subject = ["-subj", "/CN=tokens", "-days", "2"];
  execFileSync("openssl", ["req", "-x509", ...made, ...subject], { stdio: "ignore" });
  const { user, password } = credentials;
  const right = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  let given = 0;
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "/", "http://x");
    if (request.headers.authorization !== right) return response.writeHead(401).end();
    given += 1;
    const token = signToken(searchParams, { key, certificate });
    return response.end(JSON.stringify({ token, expires_in: 60 }));
  });
  const port = await freePort();
  await new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(undefined)));
  const settings = `{ token: { realm: "http://127.0.0.1:${port}/token", service: cache, issuer: tokens, rootcertbundle: ${certificate} } }`;
  return { settings, given: () => given, end: () => void server.close() };
}

function signToken(asked, { key, certificate }) {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const access = asked.getAll("scope").flatMap((scope) => {
    const [type, name, actions = ""] = scope.split(":");
    return { type, name, actions: actions.split(",") };
  });
  const chain = fs.readFileSync(certificate, "utf8").replace(/-----.*?-----|\s/g, "");
  const encoded = [
    { typ: "JWT", alg: "RS256", x5c: [chain] },
    {
      iss: "tokens",
      sub: credentials.user,
      aud: asked.get("service"),
      exp: nowSeconds + 60,
      nbf: nowSeconds - 5,
      iat: nowSeconds,
      jti: randomUUID(),
      access,
    },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  const text = encoded.join(".");
  const signature = createSign("RSA-SHA256").update(text).sign(fs.readFileSync(key, "utf8"));
  return `${text}.${signature.toString("base64url")}`;
}

/** What a server does with its answer number N, after the first ones. */
export const spoils = {
  "a server that is killed": later((response) => response.destroy()),
  "a server that answers 500": later((response) => response.writeHead(500).end()),
  "a server that gives HTML": later((response) =>
    response.end("<html><body>Sign in</body></html>"),
  ),
  "a server that cuts": later((response, body) => {
    response.writeHead(200, { "content-length": body.length });
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
  }),
  "a server that is slow": (response, body) => setTimeout(() => response.end(body), 200),
  "a server that gives other bytes": later((response, body) => {
    body[Math.floor(body.length / 2)] ^= 1;
    response.end(body);
  }),
};

function later(act, answers = 4) {
  return (response, body, count) => (count > answers ? act(response, body) : response.end(body));
}

/** A server of the folder that is spoilt. */
export async function startBroken(cache, spoil) {
  let count = 0;
  const server = createServer((request, response) => {
    const file = `${cache}${new URL(request.url ?? "/", "http://x").pathname}`;
    if (!fs.existsSync(file)) return response.writeHead(404).end();
    count += 1;
    return spoil(response, fs.readFileSync(file), count);
  });
  const port = await freePort();
  await new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(undefined)));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { port, end: async () => stop() };
}

async function end(/** @type {ReturnType<typeof start>} */ server) {
  server.kill();
  await server.ended;
}
