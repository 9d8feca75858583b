import { Component, signal } from "@angular/core";

@Component({
  selector: "app-root",
  template: `
    <main>
      <h1>It works</h1>
      <p>Notes: {{ notes().length }}</p>
      <ul>
        @for (note of notes(); track $index) {
          <li>{{ note }}</li>
        }
      </ul>
      <input #text aria-label="A new note" />
      <button (click)="add(text)">Add</button>
    </main>
  `,
})
export class App {
  protected readonly notes = signal<string[]>([]);

  constructor() {
    void this.load();
  }

  protected async add(input: HTMLInputElement): Promise<void> {
    await fetch("/notes", { method: "POST", body: input.value });
    input.value = "";
    await this.load();
  }

  private async load(): Promise<void> {
    const answer = await fetch("/notes");
    this.notes.set(await answer.json());
  }
}
