import { Component, signal } from "@angular/core";

@Component({
  selector: "app-root",
  template: `
    <main>
      <h1>It works</h1>
      <p>
        This is the page <code>{{ path }}</code>: every path is the app's own.
      </p>
      <button (click)="press()">Pressed {{ count() }} times</button>
    </main>
  `,
})
export class App {
  protected readonly path = location.pathname;
  protected readonly count = signal(0);

  protected press(): void {
    this.count.update((count) => count + 1);
  }
}
