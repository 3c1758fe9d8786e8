import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { cacheFolder } from '../cluster/cache';

/** Milliseconds that a page may take to show what is looked for, on a machine that does all the rest too. */
const PATIENCE = 120_000;

/** A person at a real browser, who sees pages and presses what is on them. */
export class Walk {
  private shots = 0;

  private constructor(
    private readonly page: Page,
    private readonly hub: string,
    private readonly name: string,
  ) {}

  /** @param name of the person, and of the pictures */
  static async begin(browser: Browser, hub: string, name: string): Promise<Walk> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
    context.setDefaultTimeout(PATIENCE);
    return new Walk(await context.newPage(), hub, name);
  }

  /** Folder of the pictures. */
  static pictures(): string {
    return cacheFolder('screenshots', 'facility');
  }

  /** Keeps a picture of what is to be seen. */
  async picture(what: string): Promise<void> {
    this.shots += 1;
    const file = `${this.name}-${String(this.shots).padStart(2, '0')}-${what}.png`;
    await this.page.screenshot({ path: path.join(Walk.pictures(), file), fullPage: true });
  }

  /** The path of the page, and what it says. */
  async sees(): Promise<{ readonly path: string; readonly text: string }> {
    return { path: new URL(this.page.url()).pathname, text: await this.page.innerText('body') };
  }

  /** Opens a page of the facility. */
  async open(where: string): Promise<number> {
    const answer = await this.page.goto(`https://${this.hub}${where}`);
    return answer?.status() ?? 0;
  }

  /** From the first page to what the hub then shows: the form with the profiles, the own notebook, or a refusal. */
  async logIn(): Promise<void> {
    await this.open('/');
    await this.picture('log-in');
    await this.page.getByRole('button', { name: /sign in/i }).click();
    await this.page.locator('input[name=username]').fill(this.name);
    await this.picture('log-in-service');
    await this.page.getByRole('button', { name: /sign in/i }).click();
    await this.page.waitForURL(({ hostname }) => hostname === this.hub);
  }

  /** Chooses a profile and options of it, and presses the button. */
  async choose(profile: string, options: Readonly<Record<string, string>>): Promise<void> {
    await this.picture('profiles');
    await this.page.locator(`input[name=profile][value="${profile}"]`).check();
    for (const [name, value] of Object.entries(options))
      await this.page.locator(`select[name="profile-option-${profile}--${name}"]`).selectOption(value);
    await this.picture('chosen');
    await this.page.locator('form input[type=submit], form button[type=submit]').click();
    await this.page.waitForURL(/\/hub\/spawn-pending\/|\/user\//);
    await this.picture('starting');
  }

  /** Waits for JupyterLab, which shows its launcher. */
  async lab(): Promise<void> {
    await this.page.waitForURL(/\/user\/[^/]+\/lab/);
    await this.page.locator('.jp-LauncherCard').first().waitFor();
    await this.picture('lab');
  }

  /** Makes a notebook by the launcher, and runs one cell by the keys that everybody uses. Gives what is below it. */
  async runCell(code: string): Promise<string> {
    await this.page.locator('.jp-LauncherCard[data-category=Notebook]').first().click();
    // A cell that is run before there is a kernel is not run.
    await this.page.locator('#jp-main-statusbar').getByText('| Idle').waitFor();
    const cell = this.page.locator('.jp-Notebook .jp-CodeCell').first();
    await cell.locator('.cm-content').click();
    await this.page.keyboard.insertText(code);
    await this.page.keyboard.press('Shift+Enter');
    const output = cell.locator('.jp-OutputArea-output').first();
    await output.waitFor();
    await this.picture('cell');
    return (await output.innerText()).trim();
  }
}
