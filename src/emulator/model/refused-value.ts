/** The error for a value that the emulator does not take. Every other error is a mistake of the emulator's own. */

/** Its message is one sentence. Nothing has changed when it is thrown. */
export class RefusedValue extends TypeError {}
