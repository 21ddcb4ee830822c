/** What must agree before a release: tag, version, changelog, lock file, and where the package says it comes from. Pure: it is handed the texts. */

/**
 * The sentences about what is not ready; none if all is.
 * @param {string} tag `v1.2.3`
 * @param {{ manifest: string, lock: string, changelog: string }} texts package.json, package-lock.json, CHANGELOG.md
 * @returns {string[]}
 */
export function notReady(tag, { manifest, lock, changelog }) {
  const { version, repository, private: isPrivate } = JSON.parse(manifest);
  const said = [];
  if (tag !== `v${version}`) said.push(`The tag is ${tag}, and package.json says ${version}.`);
  if (JSON.parse(lock).version !== version) said.push('package-lock.json has another version: run npm install.');
  if (isPrivate) said.push('package.json says private.');
  // Provenance is refused where the package does not name the repository that it is built in.
  if (!repository?.url) said.push('package.json names no repository, without which there is no provenance.');
  const [, state] = new RegExp(`^## ${version.replaceAll('.', '\\.')} \\((.+)\\)$`, 'm').exec(changelog) ?? [];
  if (state === undefined) said.push(`CHANGELOG.md has no section "## ${version} (date)".`);
  else if (!/^\d{4}-\d{2}-\d{2}$/.test(state)) said.push(`CHANGELOG.md calls ${version} "${state}": write the date.`);
  return said;
}
