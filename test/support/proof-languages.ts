/** The languages of examples/proofs that can run here: how each is built and started. Not a test. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A language, its example and the program that drives it. */
export interface ProofLanguage {
  readonly name: string;
  /** In examples/proofs. */
  readonly example: string;
  /** In test/support/proof-drivers. */
  readonly driver: string;
  /** What must be installed, if something is missing. */
  readonly missing: string | null;
  /** Builds in a folder that has both files, and returns the command to run there. */
  build(folder: string): string[];
}

/** Whether a command ends well. */
function works(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Debian's own, which finds Debian's packages. */
const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
const goLibrary = '/usr/share/gocode/src/github.com/golang-jwt/jwt';
/** As `composer require --working-dir .cache/php firebase/php-jwt` installs it. */
const phpLibrary = join(import.meta.dirname, '../../.cache/php/vendor/autoload.php');

/** The newest version of a library that Maven has fetched. */
function jar(group: string, artifact: string): string | null {
  const folder = join(homedir(), '.m2/repository', group, artifact);
  const versions = existsSync(folder) ? readdirSync(folder) : [];
  const files = versions.map((version) => join(folder, version, `${artifact}-${version}.jar`));
  return files.filter((file) => existsSync(file)).at(-1) ?? null;
}
const jars = [jar('org/bitbucket/b_c', 'jose4j'), jar('org/slf4j', 'slf4j-api')];
const classPath = ['.', ...jars].join(delimiter);

const goModule = `module example.com/proofs
go 1.19
require github.com/golang-jwt/jwt/v4 v4.4.3
replace github.com/golang-jwt/jwt/v4 => ${goLibrary}
`;

export const proofLanguages: readonly ProofLanguage[] = [
  {
    name: 'Python',
    example: 'verify_proof.py',
    driver: 'drive.py',
    missing: works(python, '-c', 'import jwt, cryptography') ? null : 'python3-jwt python3-cryptography',
    build: () => [python, 'drive.py'],
  },
  {
    name: 'Ruby',
    example: 'verify_proof.rb',
    driver: 'drive.rb',
    missing: works('ruby', '-e', 'require "jwt"') ? null : 'ruby-jwt',
    build: () => ['ruby', 'drive.rb'],
  },
  {
    name: 'Go',
    example: 'verify_proof.go',
    driver: 'drive.go',
    missing: works('go', 'version') && existsSync(goLibrary) ? null : 'golang-go golang-github-golang-jwt-jwt-dev',
    build(folder) {
      // The example is a package of its own, so the driver lies below it.
      mkdirSync(join(folder, 'drive'));
      execFileSync('mv', ['drive.go', 'drive'], { cwd: folder });
      writeFileSync(join(folder, 'go.mod'), goModule);
      const env = { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off' };
      execFileSync('go', ['build', '-o', 'driver', './drive'], { cwd: folder, env });
      return ['./driver'];
    },
  },
  {
    name: 'Java',
    example: 'VerifyProof.java',
    driver: 'Drive.java',
    missing: works('javac', '-version') && !jars.includes(null) ? null : 'a JDK, and jose4j where Maven keeps it',
    build(folder) {
      execFileSync('javac', ['-cp', classPath, 'Drive.java', 'VerifyProof.java'], { cwd: folder });
      return ['java', '-XX:TieredStopAtLevel=1', '-cp', classPath, 'Drive'];
    },
  },
  {
    name: 'PHP',
    example: 'verify_proof.php',
    driver: 'drive.php',
    missing: works('php', '--version') && existsSync(phpLibrary) ? null : 'php-cli, and firebase/php-jwt in .cache/php',
    build: () => ['php', 'drive.php', phpLibrary],
  },
];
