import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const NO_RAW_HTML = "Text reaches the page through React alone (page.md, section 21).";

export default tseslint.config(
  { ignores: ["dist-gallery/**", "node_modules/**", "src/api/schemas.ts"] },
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { "react-hooks": reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      "max-lines": ["error", { max: 200, skipBlankLines: true, skipComments: true }],
      "no-restricted-syntax": [
        "error",
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: NO_RAW_HTML },
        { selector: "Property[key.name='dangerouslySetInnerHTML']", message: NO_RAW_HTML },
        { selector: "MemberExpression[property.name=/^(inner|outer)HTML$/]", message: NO_RAW_HTML },
        {
          selector: "CallExpression[callee.property.name='insertAdjacentHTML']",
          message: NO_RAW_HTML,
        },
        { selector: "JSXAttribute[name.name='srcDoc']", message: NO_RAW_HTML },
      ],
      "no-restricted-globals": ["error", "confirm", "alert", "prompt", "event"],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-console": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
  {
    files: ["src/texts.ts", "src/api/types.ts", "src/**/*.test.ts"],
    rules: { "max-lines": "off" },
  },
);
