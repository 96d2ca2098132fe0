// Builds the same stacks in native JavaScript: what synthesis costs without Python and jsii.
// Usage: node floor.js PACKAGES OUT STACK.json …   (PACKAGES: folder with constructs, cdktf, provider)
"use strict";
const fs = require("fs");
const path = require("path");
const [packages, out, ...files] = process.argv.slice(2);
const cdktf = require(path.join(packages, "cdktf"));
const provider = path.join(packages, "@cdktf", "provider-aws", "lib");

const camel = (text) => text.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

// Blocks become camel case; the values of maps (tags, variables) keep their keys.
const MAPS = new Set(["tags", "variables", "triggers"]);
const config = (value, key) => {
  if (Array.isArray(value)) return value.map((item) => config(item, key));
  if (value === null || typeof value !== "object" || MAPS.has(key)) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [camel(k), config(v, k)]));
};

const classOf = (type) => {
  const module = require(path.join(provider, type.replace(/^aws_/, "").replace(/_/g, "-")));
  return Object.values(module).find((item) => item.tfResourceType === type);
};

const app = new cdktf.App({ outdir: out });
let built = 0;
for (const file of files) {
  const stack = JSON.parse(fs.readFileSync(file, "utf8"));
  const target = new cdktf.TerraformStack(app, path.basename(path.dirname(file)));
  const { AwsProvider } = require(path.join(provider, "provider"));
  new AwsProvider(target, "aws", config(stack.provider.aws[0]));
  for (const [type, resources] of Object.entries(stack.resource)) {
    const Resource = classOf(type);
    for (const [name, body] of Object.entries(resources)) {
      const { "//": _metadata, depends_on: _order, lifecycle: _lifecycle, ...rest } = body;
      new Resource(target, name, config(rest));
      built += 1;
    }
  }
}
app.synth();
console.log(built);
