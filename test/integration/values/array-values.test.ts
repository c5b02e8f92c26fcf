import { arrayCases } from './array-cases.js';
import { describeValues } from './value-suite.js';

describeValues(arrayCases);
