// Drives an endpoint by graphql-ws as people use it, and tells what came; the last line is JSON.
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const url = process.argv[2];
const connect = (options = {}) =>
  createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, ...options });

const all = async (client, query, variables) => {
  const results = [];
  for await (const result of client.iterate({ query, variables })) results.push(result);
  return results;
};

const failure = (client, query) => all(client, query).then(() => "nothing", (error) => error);
const told = {};

const client = connect();
told.query = await all(client, "{ hello }");
told.mutation = await all(client, "mutation { count }");
told.ticks = await all(client, "subscription ($n: Int!) { ticks(count: $n) }", { n: 3 });
told.books = await all(client, 'subscription { books(ids: ["1", "x"]) { id author { name } } }');
const errors = await failure(client, "{ nope }");
told.errors = errors.map((error) => error.extensions.code);

const many = Array.from({ length: 50 }, (_, i) =>
  all(client, "subscription { ticks(count: 20) }").then((results) => results.length),
);
told.many = await Promise.all(many);

for await (const { data } of client.iterate({ query: "subscription { ticks(count: 90) }" })) {
  told.left = data.ticks;
  if (data.ticks === 1) break;
}
await client.dispose();

let pongs = 0;
const beating = connect({ lazy: false, keepAlive: 20, on: { pong: (received) => received && pongs++ } });
while (pongs < 3) await new Promise((done) => setTimeout(done, 10));
told.pongs = pongs >= 3;
await beating.dispose();

const known = connect({ connectionParams: { authorization: "Bearer good" } });
told.known = await all(known, "{ hello }");
await known.dispose();
const forged = connect({ connectionParams: { authorization: "Bearer forged" } });
const closed = await failure(forged, "{ hello }");
told.forged = [closed.code, closed.reason];

// Clients without a subprotocol are told by the protocol's own code.
told.plain = await new Promise((done) => new WebSocket(url).on("close", (code, reason) => done([code, String(reason)])));

console.log(JSON.stringify(told));
