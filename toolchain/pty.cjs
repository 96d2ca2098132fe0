// Loaded into the CDKTF command line by .venv/bin/cdktf, in place of its native terminal module.
//
// That module comes compiled for Node 22 at most, and on a newer Node every command fails before
// it starts. CDKTF only starts Terraform with it, reads its output, answers its questions and
// stops it; pipes do the same.
"use strict";

const Module = require("node:module");

const { start } = require("./interrupts.cjs");

const REPLACED = "@cdktf/node-pty-prebuilt-multiarch";
const INTERRUPT = "\x03";

function spawn(file, args, options) {
  const child = start(file, args, options);
  const readers = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text) => readers.forEach((reader) => reader(text)));
  }
  // Writing to a Terraform that has ended is no error.
  child.stdin.on("error", () => {});
  child.on("error", (error) => readers.forEach((reader) => reader(`${error.message}\n`)));
  const interrupt = () => {
    // CDKTF no longer shows the output after an interrupt, so print it here.
    if (!readers.includes(show)) readers.push(show);
    child.kill("SIGINT");
  };
  return {
    write: (text) => (text === INTERRUPT ? interrupt() : child.stdin.write(text)),
    onData: (reader) => readers.push(reader),
    onExit: (listener) => {
      // Null after a signal, negative where the program could not be started.
      child.on("close", (code) => listener({ exitCode: code === null || code < 0 ? 127 : code }));
    },
  };
}

function show(text) {
  process.stdout.write(text);
}

const load = Module._load;
Module._load = function (request, ...rest) {
  return request === REPLACED ? { spawn } : load.call(this, request, ...rest);
};
