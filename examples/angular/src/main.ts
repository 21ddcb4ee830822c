/** Starts the page. `define` registers both tags. */
import { bootstrapApplication } from '@angular/platform-browser';
import 'verify-contact/define';
import { App } from './app';

void bootstrapApplication(App);
