// Drives an endpoint by graphql-sse, a connection for each operation, and tells what came; the last line is JSON.
import { createClient } from "graphql-sse";

const client = createClient({ url: process.argv[2], retryAttempts: 0 });
const all = async (query, variables) => {
  const results = [];
  for await (const result of client.iterate({ query, variables })) results.push(result);
  return results;
};

const told = {};
told.query = await all("{ hello }");
told.mutation = await all("mutation { count }");
told.ticks = await all("subscription ($n: Int!) { ticks(count: $n) }", { n: 3 });
told.errors = (await all("{ nope }")).map(({ errors }) => errors[0].extensions.code);
told.many = await Promise.all(
  Array.from({ length: 20 }, () => all("subscription { ticks(count: 20) }").then((r) => r.length)),
);
for await (const { data } of client.iterate({ query: "subscription { ticks(count: 90) }" })) {
  told.left = data.ticks;
  if (data.ticks === 1) break;
}
client.dispose();
console.log(JSON.stringify(told));
