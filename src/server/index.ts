/**
 * Takes the ports of the stores and answers HTTP as MLflow's server does. Never opens a database and never makes a
 * request of its own.
 */

export { createLog, type LogFormat, type ServerLog } from './http/log.js';
export { type RunningServer, type ServerOptions, startServer } from './server.js';
