// node pinned.cjs VERSION FOLDER UNFINISHED TARGET: turns one zip of FOLDER into the other, in
// CPython compiled to WebAssembly. Prints one line on standard error when it can't.
"use strict";
const path = require("node:path");

const [version, folder, unfinished, target] = process.argv.slice(2);

async function finish() {
  let pyodide;
  try {
    pyodide = require("pyodide");
  } catch {
    throw new Error("npm's pyodide is not installed: run 'make setup'");
  }
  if (pyodide.version !== version) {
    throw new Error(`npm's pyodide is ${pyodide.version}, not ${version}: run 'make setup'`);
  }
  const python = await pyodide.loadPyodide({ env: { HOME: "/", PYTHONHASHSEED: "0" } });
  const mounts = { "/code": path.dirname(__dirname), "/zips": folder };
  for (const [place, root] of Object.entries(mounts)) {
    python.FS.mkdir(place);
    python.FS.mount(python.FS.filesystems.NODEFS, { root }, place);
  }
  python.runPython("import sys; sys.path.insert(0, '/code')");
  const problem = python.pyimport("services.archive").finish(`/zips/${unfinished}`, `/zips/${target}`);
  if (problem) {
    throw new Error(problem);
  }
}

finish().catch((error) => {
  // An exception of Python ends with its kind and its message; the lines above are its traceback.
  console.error(error.message.trim().split("\n").pop());
  process.exitCode = 1;
});
