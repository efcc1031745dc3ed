import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';

/** The machine that a measurement ran on; nothing that names it. */
export interface Machine {
  readonly cpuModel: string;
  /** Cores this process may use. */
  readonly cores: number;
  readonly memoryBytes: number;
  readonly nodeVersion: string;
  /** Operating system and processor architecture, such as `linux-x64`. */
  readonly platform: string;
}

/** Returns the facts of the machine that this process runs on, without its host name. */
export function describeMachine(): Machine {
  return {
    cpuModel: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    nodeVersion: process.version,
    platform: `${platform()}-${arch()}`,
  };
}
