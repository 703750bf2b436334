// A question before a decision that cannot be taken back.

import { html, type TemplateResult } from 'lit';
import { LightElement, define } from '../components/element.ts';
import { en } from '../strings/en.ts';

export interface Question {
  title: string;
  text: string;
  confirm: string;
}

export class AskFirst extends LightElement {
  static override properties = { question: { state: true } };
  declare question: Question;
  #answer: (sure: boolean) => void = () => {};

  constructor() {
    super();
    this.question = { title: '', text: '', confirm: '' };
  }

  /** Whether the person is sure. */
  async ask(question: Question): Promise<boolean> {
    this.question = question;
    await this.updateComplete;
    const dialog = this.querySelector('dialog');
    if (!dialog || dialog.open) return false;
    dialog.returnValue = '';
    dialog.showModal();
    return new Promise((resolve) => (this.#answer = resolve));
  }

  override render(): TemplateResult {
    return html`<dialog
      aria-labelledby="ask-title"
      @close=${(e: Event) => this.#answer((e.target as HTMLDialogElement).returnValue === 'yes')}
    >
      <form method="dialog">
        <h2 id="ask-title">${this.question.title}</h2>
        <p>${this.question.text}</p>
        <div class="row">
          <button value="yes" class="primary" data-testid="confirm">
            ${this.question.confirm}
          </button>
          <button value="no" data-testid="dismiss" autofocus>${en.actions.keep}</button>
        </div>
      </form>
    </dialog>`;
  }
}
define('ask-first', AskFirst);
