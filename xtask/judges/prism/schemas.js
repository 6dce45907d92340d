// Says whether a value is what the schema of a document says, by ajv: for a value that a judge and a client see differently.
// Usage: node schemas.js DOCUMENT FOLDER-OF-NODE-MODULES. A line of JSON in, a line of JSON out:
//   {"pointer": "/paths/~1a/get", "status": 200, "media": "application/json", "value": …}; without `status`, of the request
//   → {"faults": [{"path": "/a/0", "keyword": "required", "missing": "a property that is required and not listed"}]},
//     where `missing` is empty if the place is one that no value can have;
//     or {"unknown": "why there is no schema"}
"use strict";
const [, , file, modules] = process.argv;
const { createRequire } = require("module");
const load = createRequire(`${modules}/`);
const validators = createRequire(load.resolve("express-openapi-validator"));
const Ajv = validators("ajv").default || validators("ajv");
const formats = validators("ajv-formats").default || validators("ajv-formats");
const fs = require("fs");

const text = fs.readFileSync(file, "utf8");
const document = file.endsWith(".json") ? JSON.parse(text) : load("js-yaml").load(text);

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

// Keywords of OpenAPI 3.0 in the words of JSON Schema; the others are the same. What is unclear is read so that more is valid.
const SCHEMAS = ["additionalProperties", "items", "not", "if", "then", "else", "contains", "propertyNames"];
const LISTS = ["allOf", "anyOf", "oneOf", "prefixItems"];
const MAPS = ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"];
const schema = (value) => {
  if (!isObject(value)) return value;
  if (typeof value.$ref === "string") {
    const siblings = {};
    if (value.nullable) siblings.nullable = true;
    const target = { $ref: value.$ref };
    return siblings.nullable ? { anyOf: [{ type: "null" }, target] } : target;
  }
  const out = {};
  for (const [key, member] of Object.entries(value)) {
    if (SCHEMAS.includes(key)) out[key] = Array.isArray(member) ? member.map(schema) : schema(member);
    else if (LISTS.includes(key) && Array.isArray(member)) out[key] = member.map(schema);
    else if (MAPS.includes(key) && isObject(member)) {
      out[key] = Object.fromEntries(Object.entries(member).map(([name, inner]) => [name, schema(inner)]));
    } else if (
      ["type", "required", "const", "minimum", "maximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems"].includes(key) ||
      ["minProperties", "maxProperties", "uniqueItems", "pattern", "format"].includes(key)
    ) {
      out[key] = member;
    } else if (key === "enum" && Array.isArray(member) && member.length) out[key] = [...new Set(member)];
  }
  if (value.exclusiveMinimum === true) (out.exclusiveMinimum = out.minimum), delete out.minimum;
  else if (typeof value.exclusiveMinimum === "number") out.exclusiveMinimum = value.exclusiveMinimum;
  if (value.exclusiveMaximum === true) (out.exclusiveMaximum = out.maximum), delete out.maximum;
  else if (typeof value.exclusiveMaximum === "number") out.exclusiveMaximum = value.exclusiveMaximum;
  return value.nullable ? { anyOf: [{ type: "null" }, out] } : out;
};

const at = (pointer) => {
  let found = document;
  for (const step of pointer.split("/").slice(1)) {
    found = resolve(found);
    if (found === undefined || found === null) return undefined;
    found = found[step.replace(/~1/g, "/").replace(/~0/g, "~")];
  }
  return resolve(found);
};
const resolve = (value) => {
  for (let left = 64; left && isObject(value) && typeof value.$ref === "string"; left--) {
    value = value.$ref.startsWith("#") ? at(decodeURIComponent(value.$ref.slice(1))) : undefined;
  }
  return value;
};

// References are kept, and point into one schema that holds the rest of the document.
const ajv = new Ajv({ strict: false, allErrors: true, logger: false, inlineRefs: false });
formats(ajv);
for (const bits of [8, 16, 32, 64]) {
  const whole = (low, high) => ({ type: "number", validate: (value) => Number.isInteger(value) && value >= low && value <= high });
  ajv.addFormat(`int${bits}`, whole(-(2 ** (bits - 1)), 2 ** (bits - 1)));
  ajv.addFormat(`uint${bits}`, whole(0, 2 ** bits));
}
const known = new Map();
const add = (pointer) => {
  const key = `#${pointer}`;
  if (known.has(key)) return;
  known.set(key, null);
  const target = at(pointer);
  const rewritten = schema(target);
  known.set(key, rewritten);
  walk(rewritten);
};
const name = (reference) => `ref:${encodeURIComponent(reference)}`;
const walk = (value) => {
  if (Array.isArray(value)) value.forEach(walk);
  else if (isObject(value)) {
    if (typeof value.$ref === "string" && value.$ref.startsWith("#")) {
      add(decodeURIComponent(value.$ref.slice(1)));
      value.$ref = name(`#${decodeURIComponent(value.$ref.slice(1))}`);
      return;
    }
    for (const member of Object.values(value)) walk(member);
  }
};
const compiled = new Map();
const validator = (found, key) => {
  if (!compiled.has(key)) {
    const rewritten = schema(found);
    walk(rewritten);
    for (const [reference, target] of known) {
      if (!ajv.getSchema(name(reference))) ajv.addSchema(isObject(target) ? target : {}, name(reference));
    }
    compiled.set(key, ajv.compile(isObject(rewritten) ? rewritten : {}));
  }
  return compiled.get(key);
};

const described = (order) => {
  const operation = at(order.pointer);
  if (!isObject(operation)) return {};
  let holder;
  if (order.status === undefined) holder = resolve(operation.requestBody);
  else {
    const responses = operation.responses || {};
    const status = String(order.status);
    const range = Object.keys(responses).find((key) => key.toUpperCase() === `${status[0]}XX`);
    holder = resolve(responses[status] ?? responses[range] ?? responses.default);
  }
  if (!isObject(holder)) return {};
  const content = holder.content || { "application/json": { schema: holder.schema } };
  const plain = (media) => media.split(";")[0].trim().toLowerCase();
  const keys = Object.keys(content);
  const key =
    keys.find((key) => plain(key) === plain(order.media || "")) ??
    keys.find((key) => plain(key).endsWith("json")) ??
    keys[0];
  const media = resolve(content[key]);
  return { found: media && media.schema, key: `${order.pointer} ${order.status} ${key}` };
};

// The schemas that hold for the value at a pointer, in any branch of a schema.
const holding = (schema, steps, depth = 0) => {
  const target = resolve(schema);
  if (!isObject(target) || depth > 64) return [];
  const branches = LISTS.slice(0, 3).flatMap((key) => target[key] || []);
  const here = branches.flatMap((branch) => holding(branch, steps, depth + 1));
  if (!steps.length) return [target, ...here];
  const [step, ...rest] = steps;
  const inner = [(target.properties || {})[step], target.items, target.additionalProperties].filter(isObject);
  return [...here, ...inner.flatMap((found) => holding(found, rest, depth + 1))];
};
const steps = (pointer) => pointer.split("/").slice(1).map((step) => step.replace(/~1/g, "/").replace(/~0/g, "~"));
// Whether a schema lists a property of the value at a pointer, which it may require all the same.
const lists = (schema, pointer, property) =>
  holding(schema, steps(pointer)).some((found) => isObject(found.properties) && property in found.properties);

// Whether no value of an enumeration is of its type.
const contradictory = ({ type, enum: values }) => {
  const types = [].concat(type || []);
  const kind = (value) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);
  const fits = (value) => types.some((type) => (type === "integer" ? Number.isInteger(value) : type === kind(value)));
  return types.length > 0 && Array.isArray(values) && values.length > 0 && !values.some(fits);
};

const answer = (order) => {
  const { found, key } = described(order);
  if (found === undefined) return { unknown: "the document has no schema for it" };
  const validate = validator(found, key);
  if (validate(order.value)) return { faults: [] };
  // Frameworks mean different things by formats: they count against replies alone.
  const counts = ({ keyword }) => keyword !== "format" || order.status !== undefined;
  const faults = validate.errors.filter(counts);
  return {
    faults: faults.map(({ instancePath: path, keyword, params }) => {
      if (keyword === "required" && !lists(found, path, params.missingProperty)) {
        return { path, keyword, missing: params.missingProperty };
      }
      const impossible = ["type", "enum"].includes(keyword) && holding(found, steps(path)).some(contradictory);
      return { path, keyword, missing: impossible ? "" : undefined };
    }),
  };
};

require("readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    let said;
    try {
      said = answer(JSON.parse(line));
    } catch (error) {
      said = { unknown: String(error.message) };
    }
    process.stdout.write(`${JSON.stringify(said)}\n`);
  });
