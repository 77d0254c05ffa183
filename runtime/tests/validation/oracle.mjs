// graphql-js as an oracle: reads requests from its input, one JSON value a line, and answers each with one line.
//
//   {"schema": SDL, "validate": [document, …]}   → for each document the messages of its mistakes
//   {"schema": SDL, "execute": [{query, variables, operationName}, …]}   → the response to each, without a root value
//
// The folder with `node_modules` is its only argument.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(process.argv[2] + '/');
const { GraphQLError, buildSchema, execute, parse, validate } = require('graphql');

const schemas = new Map();

function schemaOf(sdl) {
  if (!schemas.has(sdl)) schemas.set(sdl, buildSchema(sdl));
  return schemas.get(sdl);
}

function mistakes(schema, document) {
  try {
    return validate(schema, parse(document)).map((error) => error.message);
  } catch (error) {
    if (error instanceof GraphQLError) return ['syntax: ' + error.message];
    throw error;
  }
}

function answer(request) {
  const schema = schemaOf(request.schema);
  if (request.validate) return request.validate.map((document) => mistakes(schema, document));
  return request.execute.map(({ query, variables, operationName }) =>
    execute({ schema, document: parse(query), variableValues: variables, operationName }),
  );
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + '\n');
}
