// graphql-js behind a pipe: a request in a line of JSON, its answer in a line of JSON.
//
// In: {schema, data | mock, query, variables, operationName, explain, many}. `data` is a tree of JSON with instructions,
// `mock` the seed of made values; both have the meaning that `graphwright mock` documents, written here a second time.
// Out: {phase, data, errors}; phase is schema, syntax, validation, operation, variables or executed. With `many` set the
// operation may have several responses (a subscription's events, or what `@defer` and `@stream` deliver later), and
// {phase: executed, responses} tells all of them.
//
// Or, in: {compare: [schema, schema]}. Out: {changes: [{level, type, description}]}.
//
// Usage: node oracle.mjs [graphql | graphql-16]

import { createInterface } from 'node:readline';

const gql = await import(process.argv[2] ?? 'graphql');
const schemas = new Map();
const later = `
directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
directive @stream(if: Boolean! = true, label: String, initialCount: Int = 0) on FIELD`;

function schemaOf(text) {
  let schema = schemas.get(text);
  if (schema === undefined) {
    schema = gql.buildSchema(text);
    const wrong = gql.validateSchema(schema);
    if (wrong.length > 0) throw wrong[0];
    schemas.set(text, schema);
    if (schemas.size > 200) schemas.delete(schemas.keys().next().value);
  }
  return schema;
}

const told = (error) => ({
  message: error.message,
  ...(error.locations && { locations: error.locations }),
  ...(error.path && { path: error.path }),
});

function compared([before, after]) {
  const changes = gql.findSchemaChanges(schemaOf(before), schemaOf(after));
  const level = (type) => (type in gql.BreakingChangeType ? 'breaking' : type in gql.DangerousChangeType ? 'dangerous' : 'safe');
  return changes.map(({ type, description }) => ({ level: level(type), type, description }));
}

async function answer(request) {
  if (request.compare) return { changes: compared(request.compare) };
  let schema, document;
  const refused = (phase, errors) => ({ phase, errors: errors.map(told) });
  try {
    schema = schemaOf(request.many ? request.schema + later : request.schema);
  } catch (error) {
    return refused('schema', [error]);
  }
  try {
    document = gql.parse(request.query);
  } catch (error) {
    return refused('syntax', [error]);
  }
  const invalid = gql.validate(schema, document);
  if (invalid.length > 0) {
    const answer = refused('validation', invalid);
    if (request.explain) {
      answer.rules = gql.specifiedRules
        .filter((rule) => gql.validate(schema, document, [rule]).length > 0)
        .map((rule) => rule.name);
    }
    return answer;
  }
  const operations = document.definitions.filter((d) => d.kind === 'OperationDefinition');
  const name = request.operationName ?? undefined;
  const operation = name === undefined ? operations[0] : operations.find((o) => o.name?.value === name);
  if (operation === undefined || (name === undefined && operations.length > 1)) {
    return refused('operation', [new gql.GraphQLError('no such operation')]);
  }
  const variables = gql.getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {});
  if (variables.errors) return refused('variables', variables.errors);
  const kind = request.data === undefined ? made(request.mock ?? 0) : given(request.data);
  const asked = {
    schema,
    document,
    rootValue: kind.root,
    variableValues: request.variables ?? {},
    operationName: name,
    fieldResolver: kind.field,
    typeResolver: kind.type,
  };
  if (request.many) return { phase: 'executed', responses: await responses(asked, kind, operation) };
  const result = await gql.execute(asked);
  const errors = result.errors?.map(told);
  if (!('data' in result)) return { phase: 'variables', errors };
  return { phase: 'executed', data: result.data, ...(errors && { errors }) };
}

// All responses of an operation that may have several.
async function responses(asked, kind, operation) {
  const shown = (response) => JSON.parse(JSON.stringify(response, (key, value) => (key === 'errors' ? value.map(told) : value)));
  if (operation.operation === 'subscription') {
    const stream = await gql.subscribe({ ...asked, subscribeFieldResolver: kind.events });
    const found = [];
    if (!(Symbol.asyncIterator in stream)) return [shown(stream)];
    for await (const event of stream) found.push(shown(event));
    return found;
  }
  const result = await gql.experimentalExecuteIncrementally(asked);
  if (!('initialResult' in result)) return [shown(result)];
  const found = [shown(result.initialResult)];
  for await (const response of result.subsequentResults) found.push(shown(response));
  return found;
}

// ---- values made from type and response path

const utf8 = new TextEncoder();

function fnv1a(text) {
  let hash = 0x811c9dc5;
  for (const byte of utf8.encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

function made(seed) {
  const value = (type, path, schema) => {
    const hash = fnv1a(`${seed}/${path.join('.')}`);
    if (gql.isNonNullType(type)) type = type.ofType;
    else if (path.length >= 2 && hash % 7 === 0) return null;
    if (gql.isListType(type)) {
      return Array.from({ length: hash % 4 }, (_, i) => value(type.ofType, [...path, i], schema));
    }
    if (gql.isAbstractType(type)) {
      const names = schema.getPossibleTypes(type).map((t) => t.name);
      names.sort((a, b) => (a < b ? -1 : 1));
      return { __typename: names[hash % names.length] };
    }
    if (gql.isObjectType(type)) return { __typename: type.name };
    if (gql.isEnumType(type)) return type.getValues()[hash % type.getValues().length].name;
    switch (type.name) {
      case 'Int':
        return hash % 1000;
      case 'Float':
        return (hash % 1000) + 0.5;
      case 'Boolean':
        return hash % 2 === 0;
      case 'ID':
        return `id-${hash}`;
      case 'String':
        return `s-${hash}`;
      default:
        return `${type.name}-${hash}`;
    }
  };
  return {
    root: {},
    field: (_source, _args, _context, info) => value(info.returnType, gql.responsePathAsArray(info.path), info.schema),
    type: (source) => source.__typename,
  };
}

// ---- values of a tree

function given(root) {
  const counters = new Map();
  const follow = (path) => path.split('.').reduce((at, step) => at?.[step], root);
  const text = (value) => (typeof value === 'string' ? value : JSON.stringify(value ?? null));
  const evaluate = (node, args) => {
    if (node === undefined || node === null) return null;
    if (Array.isArray(node)) {
      return node.map((item) => {
        try {
          return evaluate(item, args);
        } catch (error) {
          return error;
        }
      });
    }
    if (typeof node !== 'object') return node;
    if ('$error' in node) throw new gql.GraphQLError(node.$error, { extensions: node.$extensions });
    if ('$delay' in node) {
      return new Promise((done) => setTimeout(done, node.$delay)).then(() => evaluate(node.value, args));
    }
    if ('$ref' in node) return evaluate(follow(node.$ref), args);
    if ('$arg' in node) return args[node.$arg] ?? null;
    if ('$args' in node) return args;
    if ('$switch' in node) {
      const key = text(args[node.$switch]);
      return evaluate(node.cases && Object.hasOwn(node.cases, key) ? node.cases[key] : node.default, args);
    }
    if ('$map' in node) {
      const keys = args[node.$map];
      if (keys === undefined || keys === null) return null;
      const picked = keys.map((k) => text(k)).map((k) => (Object.hasOwn(node.cases ?? {}, k) ? node.cases[k] : node.default));
      return evaluate(picked, args);
    }
    if ('$incr' in node) {
      const next = (counters.get(node.$incr) ?? 0) + 1;
      counters.set(node.$incr, next);
      return next;
    }
    return node;
  };
  return {
    root,
    // Items are looked at when their event is executed.
    events: async (_source, args, _context, info) => {
      let items = root[info.fieldName] ?? null;
      if (!Array.isArray(items)) items = await evaluate(items, args);
      if (!Array.isArray(items)) throw new gql.GraphQLError('the events must be a list');
      return (async function* () {
        for (const item of items) yield { [info.fieldName]: item };
      })();
    },
    field: (source, args, _context, info) => {
      const name = info.fieldName;
      return evaluate(source !== null && typeof source === 'object' && Object.hasOwn(source, name) ? source[name] : null, args);
    },
    type: (source) => source?.__typename,
  };
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  if (line.trim() === '') continue;
  let reply;
  try {
    reply = await answer(JSON.parse(line));
  } catch (error) {
    reply = { phase: 'crash', errors: [{ message: String(error?.stack ?? error) }] };
  }
  process.stdout.write(JSON.stringify(reply) + '\n');
}
