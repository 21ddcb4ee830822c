/** Starts both services for development: `verify-contact serve` with fresh keys, and Flask. */
import { spawn } from 'node:child_process';
import { generateKeys } from 'verify-contact/server';

const { env } = process;
const port = env.PORT ?? '8080';
const origin = `http://localhost:${port}`;
const { secret, signing } = await generateKeys();

const verify = spawn('npx', ['--no', 'verify-contact', 'serve'], {
  env: {
    ...env,
    VERIFY_PORT: '0',
    VERIFY_SECRET: secret,
    VERIFY_SIGNING_KEY: JSON.stringify(signing),
    VERIFY_AUDIENCE: origin,
    VERIFY_ORIGINS: origin,
    VERIFY_ANONYMOUS: 'true', // people who sign up are nobody yet
    VERIFY_BEARER_ISSUER: origin,
    VERIFY_BEARER_AUDIENCE: 'verify-contact',
    VERIFY_BEARER_JWKS: `${origin}/.well-known/jwks.json`,
    VERIFY_BEARER_ALGORITHMS: 'EdDSA',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const url = await new Promise((resolve, reject) => {
  verify.stdout.on('data', (said) => resolve(/http:[\w.:/]+/.exec(said)?.[0]));
  verify.stdout.pipe(process.stdout);
  verify.once('close', () => reject(new Error('verify-contact serve has ended.')));
});

const python = env.PYTHON ?? 'python3';
spawn(python, ['-m', 'flask', '--app', 'app', 'run', '--port', port], {
  env: { ...env, ORIGIN: origin, VERIFY: url },
  stdio: 'inherit',
});
