"""Documents, and the code that keeps their pictures and tables true."""

import bindings as bindings  # chooses jsii's Node before cdktf starts it
