// Validates requests against a document with express-openapi-validator: 204 for what is right, the error for what is not.
// Usage: node validator.js DOCUMENT PORT FOLDER-OF-NODE-MODULES
"use strict";
const [, , document, port, modules] = process.argv;
const { createRequire } = require("module");
const load = createRequire(`${modules}/`);
const express = load("express");
const cookies = load("cookie-parser");
const validator = load("express-openapi-validator");
const multer = createRequire(createRequire(load.resolve("express-openapi-validator")).resolve("multer"));
const busboy = multer("busboy");
const fs = require("fs");
const os = require("os");

const text = fs.readFileSync(document, "utf8");
const spec = document.endsWith(".json") ? JSON.parse(text) : load("js-yaml").load(text);
// All servers are this one.
spec.servers = [{ url: "/" }];
for (const item of Object.values(spec.paths || {})) {
  delete item.servers;
  for (const operation of Object.values(item)) {
    if (operation && typeof operation === "object") delete operation.servers;
  }
}
// The validator takes a `$id` in an example for one of a schema, and refuses all requests over a `nullable` without a type,
// and over an empty `enum`. Defaults it puts into requests, as if they had been sent.
const withoutExamples = (value, names) => {
  if (!value || typeof value !== "object") return;
  if (!names && "nullable" in value && !("type" in value)) delete value.nullable;
  if (!names && Array.isArray(value.enum) && !value.enum.length) delete value.enum;
  if (!names) delete value.default;
  for (const [key, member] of Object.entries(value)) {
    if (!names && (key === "example" || key === "examples")) delete value[key];
    else withoutExamples(member, !names && key === "properties");
  }
};
withoutExamples(spec, false);

// A document that the validator can do justice to. It takes the fragment of a path for a part of it, and wants a media type
// where an optional body is left out: requests without one are judged by a document without such bodies.
const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
const follow = (value) => {
  while (value && typeof value.$ref === "string" && value.$ref.startsWith("#/")) {
    const steps = value.$ref.slice(2).split("/");
    value = steps.reduce((found, step) => found && found[decodeURIComponent(step).replace(/~1/g, "/").replace(/~0/g, "~")], spec);
  }
  return value;
};
const version = (fragment, bodies) => {
  const copy = { ...spec, paths: {} };
  const wanted = Object.entries(spec.paths || {}).filter(([path]) => path.split("#")[1] === fragment);
  for (const [path, item] of wanted) {
    const kept = { ...follow(item) };
    for (const method of METHODS.filter((method) => kept[method] && !bodies)) {
      const body = follow(kept[method].requestBody);
      if (body && !body.required) {
        kept[method] = { ...kept[method] };
        delete kept[method].requestBody;
      }
    }
    copy.paths[path.split("#")[0]] = kept;
  }
  return structuredClone(copy);
};

// Parts by their own media types: the validator's own reader takes JSON for text.
const parts = (request, response, next) => {
  if (!/^multipart\/form-data/i.test(request.headers["content-type"] || "")) return next();
  const body = {};
  const add = (name, value) => {
    body[name] = name in body ? [].concat(body[name], [value]) : value;
  };
  const reader = busboy({ headers: request.headers, defParamCharset: "utf8" });
  reader.on("field", (name, value, { mimeType }) => {
    try {
      add(name, /[/+]json$/i.test(mimeType) ? JSON.parse(value) : value);
    } catch (error) {
      next(Object.assign(error, { status: 400 }));
    }
  });
  reader.on("file", (name, stream) => {
    stream.resume();
    add(name, "");
  });
  reader.on("close", () => {
    request.body = body;
    next();
  });
  reader.on("error", (error) => next(Object.assign(error, { status: 400 })));
  request.pipe(reader);
};

// The schemas that one property of a schema may have, in any of its branches.
const schemasOf = (schema, name, depth = 0) => {
  const target = follow(schema);
  if (!target || depth > 16) return [];
  const branches = [...(target.allOf || []), ...(target.anyOf || []), ...(target.oneOf || [])];
  const own = name === undefined ? [target] : [(target.properties || {})[name]].filter(Boolean);
  const deeper = name === undefined ? own : own.flatMap((found) => schemasOf(found, undefined, depth + 1));
  return [...deeper, ...branches.flatMap((branch) => schemasOf(branch, name, depth + 1))];
};
// Whether a value of a type may stand there.
const admits = (schemas, type) =>
  schemas.some((schema) =>
    [].concat(schema.type || (schema.properties ? "object" : schema.items ? "array" : [])).includes(type),
  );
// The fields of a form as their schemas say, for what text leaves open: the validator does not look into unions, and takes a
// list of one item for the item.
const typed = (request) => {
  const media = (request.headers["content-type"] || "").split(";")[0].trim().toLowerCase();
  const body = request.openapi && request.openapi.schema && follow(request.openapi.schema.requestBody);
  if (request.typed || !body || !request.body || !/form/.test(media)) return;
  request.typed = true;
  const key = Object.keys(body.content || {}).find((key) => key.split(";")[0].trim().toLowerCase() === media);
  for (const [name, value] of Object.entries(request.body)) {
    const schemas = schemasOf(body.content[key].schema, name);
    if (admits(schemas, "array") && !admits(schemas, "string") && !Array.isArray(value)) request.body[name] = [value];
    const number = (admits(schemas, "integer") || admits(schemas, "number")) && /^-?[0-9]/.test(value);
    const boolean = admits(schemas, "boolean") && /^(true|false)$/.test(value);
    if (typeof value === "string" && !admits(schemas, "string") && (number || boolean)) request.body[name] = JSON.parse(value);
  }
};

const judge = (fragment, bodies) => {
  const router = express.Router();
  const steps = validator.middleware({
    apiSpec: version(fragment, bodies),
    validateApiSpec: false,
    validateRequests: true,
    validateResponses: false,
    validateFormats: true,
    fileUploader: false,
    validateSecurity: { handlers: new Proxy({}, { get: () => () => true, has: () => true }) },
  });
  for (const step of steps) {
    router.use((request, response, next) => (typed(request), next()));
    router.use(step);
  }
  return router;
};
const judges = new Map();

const app = express();
app.set("query parser", "extended");
// A first segment `.fragment-NAME` says which of the operations is meant that a fragment tells apart.
app.use((request, response, next) => {
  const found = /^\/\.fragment-([^/]*)/.exec(request.url);
  request.fragment = found ? decodeURIComponent(found[1]) : undefined;
  if (found) request.url = request.originalUrl = request.url.slice(found[0].length) || "/";
  next();
});
app.use(cookies());
app.use(express.json({ strict: false, limit: "16mb", type: ["application/json", "application/*+json"] }));
app.use(express.text({ type: ["text/*", "application/xml", "application/*+xml"] }));
app.use(express.urlencoded({ extended: true }));
app.use(express.raw({ type: ["application/octet-stream", "image/*", "audio/*", "video/*"] }));
app.use(parts);
// A body of bytes is a string to a schema.
app.use((request, response, next) => {
  if (Buffer.isBuffer(request.body)) request.body = request.body.toString("latin1");
  next();
});
app.use((request, response, next) => {
  const bodies = "content-type" in request.headers;
  const key = JSON.stringify([request.fragment, bodies]);
  if (!judges.has(key)) judges.set(key, judge(request.fragment, bodies));
  judges.get(key)(request, response, next);
});
app.use((request, response) => response.status(204).end());
app.use((error, request, response, next) => {
  response.status(error.status >= 400 ? error.status : 500).json({ message: error.message, errors: error.errors || [] });
});
// A connection that is closed while it is idle may be chosen for the next call at that very moment.
app.listen(Number(port), "127.0.0.1").keepAliveTimeout = 600_000;
