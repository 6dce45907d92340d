// Validates requests against a document with express-openapi-validator: 204 for what is right, the error for what is not.
// Usage: node validator.js DOCUMENT PORT FOLDER-OF-NODE-MODULES
"use strict";
const [, , document, port, modules] = process.argv;
const { createRequire } = require("module");
const load = createRequire(`${modules}/`);
const express = load("express");
const cookies = load("cookie-parser");
const validator = load("express-openapi-validator");
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
// The validator takes a `$id` in an example for one of a schema, and refuses all requests over a `nullable` without a type.
const withoutExamples = (value, names) => {
  if (!value || typeof value !== "object") return;
  if (!names && "nullable" in value && !("type" in value)) delete value.nullable;
  for (const [key, member] of Object.entries(value)) {
    if (!names && (key === "example" || key === "examples")) delete value[key];
    else withoutExamples(member, !names && key === "properties");
  }
};
withoutExamples(spec, false);

const app = express();
app.set("query parser", "extended");
app.use(cookies());
app.use(express.json({ strict: false, limit: "16mb", type: ["application/json", "application/*+json"] }));
app.use(express.text({ type: ["text/*", "application/xml", "application/*+xml"] }));
app.use(express.urlencoded({ extended: true }));
app.use(express.raw({ type: ["application/octet-stream", "image/*", "audio/*", "video/*"] }));
// A body of bytes is a string to a schema.
app.use((request, response, next) => {
  if (Buffer.isBuffer(request.body)) request.body = request.body.toString("latin1");
  next();
});
app.use(
  validator.middleware({
    apiSpec: spec,
    validateApiSpec: false,
    validateRequests: true,
    validateResponses: false,
    validateFormats: true,
    fileUploader: { dest: os.tmpdir() },
    validateSecurity: { handlers: new Proxy({}, { get: () => () => true, has: () => true }) },
  }),
);
app.use((request, response) => response.status(204).end());
app.use((error, request, response, next) => {
  response.status(error.status >= 400 ? error.status : 500).json({ message: error.message, errors: error.errors || [] });
});
app.listen(Number(port), "127.0.0.1");
