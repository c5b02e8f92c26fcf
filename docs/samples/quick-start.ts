// The app of the quick start, for the other samples.
export { AppModule as BooksModule } from './quick-start/app.module.js';
export { Book } from './quick-start/book.js';
export { BooksController } from './quick-start/books.controller.js';
