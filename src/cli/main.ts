#!/usr/bin/env node
import { runCli } from './program.js';

const code = await runCli(process.argv.slice(2));
// Who interrupts us does not wait for what may still be under way.
if (code === 130) process.exit(code);
process.exitCode = code;
