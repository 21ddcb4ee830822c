/** The examples and how each is installed, built and started. Data only. */

/**
 * @typedef {object} Example
 * @property {string} name
 * @property {string} folder under examples/
 * @property {string[]} [build] npm script and its arguments
 * @property {string} server the folder whose `npm start` serves it
 * @property {string[]} [python] Python packages that must be installed, by the names of their modules
 * @property {string} [page] the folder of files that the server is told to serve, under examples/
 * @property {boolean} [rendered] whether the server renders the elements' tags
 * @property {string[]} [forms] the form libraries that its page can sign up with, as its address names them
 */

/** The server beside every page that needs one. */
const beside = 'servers/express';

/** @param {string} name @param {string} output @returns {Example} */
const page = (name, output) => ({ name, folder: name, build: ['build'], server: beside, page: `${name}/${output}` });

/** @param {string} name @param {string[]} [build] @returns {Example} */
const server = (name, build) => ({ name, folder: `servers/${name}`, build, server: `servers/${name}` });

/** @type {Example[]} */
export const examples = [
  { name: 'html', folder: 'html', server: beside, page: 'html' },
  { ...page('react', 'dist'), forms: ['react-hook-form', 'tanstack-form'] },
  { ...page('vue', 'dist'), forms: ['v-model'] },
  { ...page('svelte', 'dist'), forms: ['bind'] },
  page('solid', 'dist'),
  page('preact', 'dist'),
  { ...page('angular', 'dist/browser'), forms: ['reactive', 'ng-model'] },
  server('node-http'),
  server('express'),
  server('fastify'),
  server('hono'),
  { ...server('nextjs', ['build']), rendered: true },
  server('workerd', ['build']),
  { ...server('flask'), python: ['flask', 'jwt', 'cryptography'] },
];
