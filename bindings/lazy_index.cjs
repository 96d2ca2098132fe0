// Preloaded into jsii's Node process (NODE_OPTIONS --require, see __init__.py).
//
// The provider's index requires its 2,100 modules one after another, two seconds of compilation,
// although a program uses some dozens. Here each becomes a property that requires its module when
// it is first read, which is how jsii finds a class.
"use strict";
const Module = require("module");
const path = require("path");

const INDEX = path.join("lib", "index.js");
const PACKAGE = "@cdktf/provider-";
// The successor's index (docs/decisions/0018-cdktn.md) writes __importStar(require("…")).
const EAGER = /^exports\.(\w+) = (?:__importStar\()?require\((".*?")\)\)?;$/gm;
const ALL_UNDEFINED = /^exports\.\w+ = .*void 0;$/gm;

const load = Module._extensions[".js"];
Module._extensions[".js"] = (module, filename) => {
  const isProviderIndex = filename.endsWith(INDEX) && filename.split(path.sep).join("/").includes(PACKAGE);
  if (!isProviderIndex) return load(module, filename);
  const source = require("fs").readFileSync(filename, "utf8");
  const lazy = source
    .replace(ALL_UNDEFINED, "")
    .replace(
      EAGER,
      (_, name, target) =>
        `Object.defineProperty(exports, "${name}", ` +
        `{ enumerable: true, configurable: true, get: () => require(${target}) });`,
    );
  return module._compile(lazy, filename);
};
