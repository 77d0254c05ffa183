// Starts GraphiQL on the endpoint that served the page.
const welcome = `# Welcome. Type a query, press Ctrl-Enter to run it, Ctrl-Space to complete.
# The book icon on the left opens the documentation of every type.
# Signed in? Put {"authorization": "Bearer …"} into the Headers tab below.
`;
ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({
      url: location.pathname,
      subscriptionUrl: location.origin.replace(/^http/, "ws") + location.pathname,
    }),
    defaultQuery: welcome,
    shouldPersistHeaders: false,
  }),
);
