/** What Svelte's checker looks for, lest it read the settings of the demo. */
export default {};
