// Preloaded into jsii's two Node processes (NODE_OPTIONS --require, see __init__.py).
//
// Ctrl-C reaches every process of the terminal's group. jsii's end by themselves once Python has
// closed their standard input; ended earlier, by the interruption or by jsii's own listener, they
// make Python print a traceback for the broken pipe after its last words.
"use strict";
const { on } = process;
on.call(process, "SIGINT", () => {});
process.on = function (event, ...listener) {
  return event === "SIGINT" ? this : on.call(this, event, ...listener);
};
