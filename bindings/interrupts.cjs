// Preloaded into jsii's two Node processes (NODE_OPTIONS --require, see __init__.py).
//
// Ctrl-C reaches every process of the terminal's group. jsii's processes end by themselves when
// Python closes their standard input. If they ended earlier, because of the interrupt or of jsii's
// own listener, Python would print a traceback about the broken pipe. So they ignore the interrupt.
"use strict";
const { on } = process;
on.call(process, "SIGINT", () => {});
process.on = function (event, ...listener) {
  return event === "SIGINT" ? this : on.call(this, event, ...listener);
};
